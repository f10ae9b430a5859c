import { IsardvdiError } from "../../errors";

/** Thrown when the host may be left half-way: what is there belongs into the state. */
export class HalfWay extends IsardvdiError {}
