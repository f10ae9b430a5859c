import type { Recipe } from "../recipe";
import { exampleRecipes } from "./examples";
import { forwards } from "./forwards";
import { hosts } from "./host";
import { hypervisors } from "./hypervisor";
import { servers } from "./server";

export const recipes: readonly Recipe[] = [...hypervisors, ...forwards, ...servers, ...hosts, ...exampleRecipes];
