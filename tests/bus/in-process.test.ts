import { inProcessBus } from "../../src/bus/in-process.ts"
import { busContract } from "./contract.ts"

busContract("in-process bus", async (report) => inProcessBus(report))
