import { killedWith } from "../killed";

killedWith("firewalld");
