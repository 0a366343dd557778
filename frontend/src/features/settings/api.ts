import { queryOptions } from "@tanstack/react-query";
import { api, type Schemas, take } from "../../api/client";

export type Percent = Schemas["PresenceWindow"]["percent"];
export const percents: Percent[] = [100, 200, 500];

export const windowQuery = queryOptions({
  queryKey: ["presence-window"],
  queryFn: () => take(api.GET("/me/presence-window")),
});

export const setWindow = (percent: Percent) => take(api.PUT("/me/presence-window", { body: { percent } }));
