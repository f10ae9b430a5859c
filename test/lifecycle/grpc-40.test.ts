import { told } from "./cases";
import { tell } from "./tell";

// the same stories each time, so that a change is blamed for what it breaks; "make stress" tells new ones
tell(told("grpc", 40, 50));
