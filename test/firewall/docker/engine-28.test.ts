import { onEngine } from "../engines";

onEngine("28");
