import { killedWith } from "../killed";

killedWith("iptables");
