import { defineResource } from "../resource";
import { lifecycle } from "./lifecycle";
import { definition } from "./schema";

export const hypervisor = defineResource(definition, lifecycle);
