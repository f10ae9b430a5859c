import { replays } from "./replays";

replays("recorded port forwards", ({ name }) => name.startsWith("port-forward-"));
