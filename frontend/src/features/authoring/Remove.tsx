import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { useEditor } from "./useEditor";

const route = getRouteApi("/workspace/courses/$courseId");

/** Takes a chapter or a lesson out of the outline, after asking. */
export function Remove({ words, question, item }: { words: string; question: string; item: string }) {
  const common = useCommon();
  const editor = useEditor();
  const navigate = route.useNavigate();
  const [asking, ask] = useState(false);
  const remove = () => {
    editor.apply({ type: "remove", key: item });
    void navigate({ search: {} });
  };
  return (
    <div className="rm">
      <button className="btn quiet sm" type="button" onClick={() => ask(true)}>
        <Icon name="trash" size="s" />
        {words}
      </button>
      {asking && (
        <Dialog title={words} onClose={() => ask(false)}>
          <p>{question}</p>
          <div className="acts">
            <button className="btn" type="button" onClick={() => ask(false)}>
              {common("cancel")}
            </button>
            <button className="btn danger" type="button" onClick={remove}>
              {words}
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
