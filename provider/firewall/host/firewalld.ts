/**
 * Speaks to firewalld through firewalld's own client library: one process for any number of entries, permanent
 * and run time, without a reload; firewall-cmd would start Python once for each direct rule.
 */
export const firewalldTool = `
import json, os, shutil, subprocess, sys
import xml.etree.ElementTree as ET
from firewall.client import FirewallClient

ETC, KEPT, LIB = "/etc/firewalld", "/var/lib/pulumi-isardvdi/firewall/etc-firewalld", "/usr/lib/firewalld"

def client():
    fw = FirewallClient(None, 0, False)
    fw.setExceptionHandler(lambda error: sys.exit("firewalld: %s" % error))
    return fw

def attempt(call, *args):
    try:
        call(*args)
    except Exception as error:
        text = str(error)
        if not any(code in text for code in ("ALREADY_ENABLED", "NOT_ENABLED", "INVALID_ZONE: NONE")):
            raise

def zones_of(fw):
    active = fw.getActiveZones()
    return {name: {"interfaces": list(active.get(name, {}).get("interfaces", [])),
                   "sources": list(active.get(name, {}).get("sources", [])),
                   "forwardPorts": [list(map(str, entry)) for entry in fw.getForwardPorts(name)],
                   "richRules": list(map(str, fw.getRichRules(name)))} for name in map(str, fw.getZones())}

# a firewalld before 0.9 has none
def policies_of(fw):
    if not hasattr(fw, "getPolicies"): return {}
    settings = {str(name): fw.getPolicySettings(name) for name in fw.getPolicies()}
    return {name: {"forwardPorts": [list(map(str, entry)) for entry in each.getForwardPorts()],
                   "richRules": list(map(str, each.getRichRules())),
                   "ingress": list(map(str, each.getIngressZones()))} for name, each in settings.items()}

def show():
    fw = client()
    config = fw.config()
    permanent = {}
    for name in map(str, config.getZoneNames()):
        zone = config.getZoneByName(name).getSettings()
        permanent[name] = {"forwardPorts": [list(map(str, entry)) for entry in zone.getForwardPorts()],
                           "richRules": list(map(str, zone.getRichRules()))}
    direct = [[str(r[1]), str(r[2]), [str(a) for a in r[4]]] for r in fw.getAllRules()]
    settings = config.direct().getSettings()
    permanent_direct = [[str(r[1]), str(r[2]), [str(a) for a in r[4]]] for r in settings.getAllRules()]
    print(json.dumps({"backend": str(config.get_property("FirewallBackend")), "defaultZone": str(fw.getDefaultZone()),
                      "zones": zones_of(fw), "policies": policies_of(fw), "permanent": permanent, "direct": direct,
                      "permanentDirect": permanent_direct,
                      "chain": [list(map(str, c)) for c in settings.getAllChains()]}))

def change(before, after):
    keep()
    have, want = json.load(open(before)), json.load(open(after))
    fw = client()
    fw.setExceptionHandler(None)
    config = fw.config()
    key = lambda item: json.dumps(item)
    def lists(name):
        new = want.get(name, [])
        left = set(map(key, new))
        return [i for i in have.get(name, []) if key(i) not in left], new
    # the old ones go first: of two forwards of one port firewalld would serve the earlier
    gone, wanted = lists("rich")
    for zone, rule, _ in gone: attempt(fw.removeRichRule, zone, rule)
    for zone, rule, _ in wanted: attempt(fw.addRichRule, zone, rule)
    goneDirect, wantedDirect = lists("direct")
    for table, chain, args, _ in goneDirect:
        if fw.queryRule("ipv4", table, chain, 0, args): anew(table, chain, args)
        attempt(fw.removeRule, "ipv4", table, chain, 0, args)
    for table, chain, args, _ in wantedDirect:
        attempt(fw.addRule, "ipv4", table, chain, 0, args)
        anew(table, chain, args)
    # a forward-port that is taken over goes out after ours is in
    for zone, entry in want.get("adopted", []):
        if isinstance(entry, str): attempt(fw.removeRichRule, zone, entry)
        else: attempt(fw.removeForwardPort, zone, *entry)
    for zone, entry in have.get("adopted", []):
        if isinstance(entry, str): attempt(fw.addRichRule, zone, entry)
        else: attempt(fw.addForwardPort, zone, *entry)
    permanent_zones(config, gone, wanted, want.get("adopted", []), have.get("adopted", []))
    permanent_direct(config, goneDirect, wantedDirect)

# firewalld goes on believing in a rule that somebody else has flushed from Docker's chain: it can then neither add
# nor remove it
def anew(table, chain, args):
    if chain != "DOCKER-USER": return
    run = lambda *command: subprocess.run(["iptables", "-w", "-t", table, *command], stderr=subprocess.DEVNULL).returncode
    if run("-C", chain, *args) != 0: run("-I", chain, "1", *args)

def permanent_zones(config, gone, wanted, adopted, returned):
    names = {i[0] for i in gone + wanted + adopted + returned}
    for name in names:
        zone = config.getZoneByName(name)
        settings = zone.getSettings()
        rules = list(map(str, settings.getRichRules()))
        ports = [tuple(map(str, p)) for p in settings.getForwardPorts()]
        first = (list(rules), list(ports))
        drop = {i[1] for i in gone if i[0] == name} | {i[1] for i in wanted if i[0] == name and not i[2]}
        rules = [r for r in rules if r not in drop]
        rules += [i[1] for i in wanted if i[0] == name and i[2] and i[1] not in rules]
        for z, entry in adopted:
            if z == name and isinstance(entry, str): rules = [r for r in rules if r != entry]
            elif z == name: ports = [p for p in ports if p != tuple(entry)]
        for z, entry in returned:
            if z == name and isinstance(entry, str) and entry not in rules: rules.append(entry)
            elif z == name and not isinstance(entry, str) and tuple(entry) not in ports: ports.append(tuple(entry))
        if (rules, ports) != first:
            settings.setRichRules(rules)
            settings.setForwardPorts(ports)
            zone.update(settings)

def permanent_direct(config, gone, wanted):
    direct = config.direct()
    settings = direct.getSettings()
    rules = [(str(r[0]), str(r[1]), str(r[2]), int(r[3]), [str(a) for a in r[4]]) for r in settings.getAllRules()]
    chains = [tuple(map(str, c)) for c in settings.getAllChains()]
    first = (list(rules), list(chains))
    row = lambda i: ("ipv4", i[0], i[1], 0, i[2])
    drop = [row(i) for i in gone] + [row(i) for i in wanted if not i[3]]
    rules = [r for r in rules if r not in drop]
    rules += [row(i) for i in wanted if i[3] and row(i) not in rules]
    # without the chain beside its rules firewalld fails on its next reload, and Docker's ports with it
    user = ("ipv4", "filter", "DOCKER-USER")
    if any(r[:3] == user for r in rules):
        if user not in chains: chains.append(user)
    elif user in chains and not kept_chain(user):
        chains.remove(user)
    if (rules, chains) != first:
        settings.setAllRules(rules)
        settings.setAllChains(chains)
        direct.update(settings)

def kept_chain(user):
    try: return any(c.get("chain") == user[2] for c in ET.parse(KEPT + "/direct.xml").getroot().findall("chain"))
    except OSError: return False

def keep():
    if not os.path.isdir(KEPT):
        shutil.copytree(ETC, KEPT + ".new")
        os.rename(KEPT + ".new", KEPT)

def meaning(path):
    if not os.path.exists(path): return None
    flat = lambda e: (e.tag, sorted(e.attrib.items()), (e.text or "").strip(), sorted(map(flat, e)))
    return flat(ET.parse(path).getroot())

# files that say the same as before our first entry get their old bytes back, or go
def leave():
    if not os.path.isdir(KEPT): return
    names = ["direct.xml"] + ["zones/" + n for n in os.listdir(ETC + "/zones") if n.endswith(".xml")]
    for name in names:
        now, old, built_in = ETC + "/" + name, KEPT + "/" + name, LIB + "/" + name
        before = meaning(old) or meaning(built_in) or ("direct", [], "", [])
        if meaning(now) != before: continue
        for suffix in ("", ".old"):
            if os.path.exists(old + suffix): shutil.copy2(old + suffix, now + suffix)
            elif os.path.exists(now + suffix): os.remove(now + suffix)

{"show": show, "change": change, "leave": leave}[sys.argv[1]](*sys.argv[2:])
`;
