#!/bin/sh
# Stands in for IsardVDI's build.sh: every isardvdi*.cfg becomes a compose file with all values written into it.
set -e
[ ! -e build.fails ] || { echo "fetching the parts"; cat build.fails; exit 1; }

# services that read the whole .env, and services that read only the keys named here
whole=" isard-hypervisor isard-vpn isard-portal isard-video isard-squid "
named() {
    case $1 in
        isard-websockify) echo VIDEO_HYPERVISOR_HOSTNAMES VIDEO_HYPERVISOR_PORTS API_DOMAIN ;;
        isard-storage) echo REDIS_HOST REDIS_PORT REDIS_PASSWORD STORAGE_DOMAIN ;;
        isard-sessions) echo SESSIONS_EXPIRATION REDIS_PASSWORD ;;
    esac
}
# last part of each service's fixed address
address() {
    case $1 in
        isard-hypervisor) echo 17 ;; isard-portal) echo 18 ;; isard-squid) echo 19 ;; isard-storage) echo 21 ;;
        isard-video) echo 22 ;; isard-vpn) echo 23 ;; isard-websockify) echo 27 ;; isard-sessions) echo 99 ;;
    esac
}
flavours() {
    case $1 in
        all-in-one) echo isard-portal isard-hypervisor isard-websockify isard-squid isard-vpn isard-sessions ;;
        web) echo isard-portal isard-vpn isard-sessions ;;
        web+storage+video) echo isard-portal isard-websockify isard-squid isard-vpn isard-sessions ;;
        hypervisor) echo isard-video isard-hypervisor isard-websockify isard-squid isard-storage ;;
        hypervisor-standalone) echo isard-hypervisor isard-storage ;;
        *) return 1 ;;
    esac
}
# YAML between single quotes; docker compose takes a doubled dollar for one
entry() {
    eval "isset=\${$1+set} value=\$$1"
    if [ -z "$isset" ]; then echo "      $1: null"; return; fi
    # most need no change, and a process for each is half of a build
    case $value in *[\'\$]* | *"
"*) value=$(printf %s "$value" | sed -e "s/'/''/g" -e 's/\$/$$/g') ;; esac
    printf "      %s: '%s'\n" "$1" "$value"
}

for cfg in isardvdi*.cfg; do
    cp "$cfg" .env
    echo "BUILD_ROOT_PATH=$(pwd)" >> .env
    (
        . ./.env
        FLAVOUR=${FLAVOUR:-all-in-one}
        services=$(flavours "$FLAVOUR") || { echo "Error: Flavour $FLAVOUR of $cfg not found"; exit 1; }
        name=$(echo "$cfg" | sed -n 's/^isardvdi\.\{0,1\}\(.*\)\.cfg$/\1/p')
        all=$(sed -n 's/^[ 	]*\(export[ 	]\{1,\}\)\{0,1\}\([A-Za-z_][A-Za-z0-9_]*\)=.*/\2/p' .env | sort -u)
        net=${DOCKER_NET:-172.31.255}
        {
            echo "networks: {isard-network: {name: isard-network, ipam: {config: [{subnet: $net.0/24}]}}}"
            echo "services:"
            for service in $services; do
                case $whole in *" $service "*) keys=$all ;; *) keys=$(named "$service") ;; esac
                echo "  $service:"
                echo "    container_name: $service"
                [ "$service" != isard-squid ] || case " $services " in
                    *" isard-hypervisor "*) printf '    depends_on:\n    - isard-hypervisor\n' ;;
                esac
                echo "    networks: {isard-network: {ipv4_address: $net.$(address "$service")}}"
                echo "    environment:"
                for key in $keys; do entry "$key"; done
                echo "    image: isard-standin/${service#isard-}"
            done
        } > "docker-compose${name:+.}$name.yml"
    )
done
echo "$(date +%s%N)" >> builds
echo "You have the docker-compose files. Have fun!"
