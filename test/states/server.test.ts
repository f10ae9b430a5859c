import { replays } from "./replays";

const isServer = (name: string): boolean => /^(server|video-proxy)-config/.test(name);

replays("recorded settings of the server", ({ name }) => isServer(name));
