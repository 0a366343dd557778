import { take } from "./client";

/** Data together with the entity tag it was read under, which the next edit must name. */
export interface Tagged<T> {
  data: T;
  etag: string;
}

export async function takeTagged<T>(
  request: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Tagged<T>> {
  let etag = "";
  const data = await take(
    request.then((answer) => {
      etag = answer.response.headers.get("ETag") ?? "";
      return answer;
    }),
  );
  return { data, etag };
}
