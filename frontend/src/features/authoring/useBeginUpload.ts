import { useMutation, useQueryClient } from "@tanstack/react-query";
import { assetQuery, createAsset } from "./api";
import type { Asset } from "./model";
import { uploads } from "./sending";
import { useEditor } from "./useEditor";

/** Begins or continues sending a file's parts; its state is told to whoever shows it. */
export function useSend() {
  const queries = useQueryClient();
  return (asset: Asset, file: File) =>
    void uploads.start(asset, file, (done) => queries.setQueryData(assetQuery(done.id).queryKey, done));
}

/** Begins an upload, hangs it on the lesson, and saves at once: a reload must find it again. */
export function useBeginUpload(org: string, kind: Asset["kind"], lesson: string) {
  const editor = useEditor();
  const queries = useQueryClient();
  const send = useSend();
  return useMutation({
    mutationFn: (file: File) => createAsset(org, kind, file),
    onSuccess: (asset, file) => {
      queries.setQueryData(assetQuery(asset.id).queryKey, asset);
      editor.apply({ type: "change-lesson", key: lesson, patch: { asset } });
      void editor.save();
      send(asset, file);
    },
  });
}
