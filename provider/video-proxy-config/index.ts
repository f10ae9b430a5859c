import { defineResource } from "../resource";
import { lifecycle } from "./lifecycle";
import { definition } from "./schema";

export const videoProxyConfig = defineResource(definition, lifecycle);
