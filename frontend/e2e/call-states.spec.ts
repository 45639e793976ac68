/** Every state of a call. */

import { test } from "@playwright/test";

import { CALL_STATES } from "./callStates";
import { FLOOR_STATES } from "./floorStates";
import { testState } from "./testState";

test.use({ permissions: ["microphone"] });

[...CALL_STATES, ...FLOOR_STATES].forEach(testState);
