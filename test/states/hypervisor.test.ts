import { replays } from "./replays";

replays("recorded hypervisors", ({ name }) => name.startsWith("hypervisor-v"));
