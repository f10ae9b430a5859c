import { replays } from "./replays";

replays("recorded examples and sites", ({ name }) => name.startsWith("example-"));
