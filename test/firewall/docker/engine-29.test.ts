import { onEngine } from "../engines";

onEngine("29");
