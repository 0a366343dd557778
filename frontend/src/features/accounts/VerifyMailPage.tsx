import { getRouteApi, Link } from "@tanstack/react-router";
import { codeOf } from "../../api/problem";
import { explain } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { useVerifyMail } from "./api";
import { Frame } from "./Frame";
import { useAccounts } from "./messages";
import { BadLink } from "./ResetPage";

const route = getRouteApi("/learner/verify-mail");

/** A button and not the visit itself: programs that look at mail visit its links. */
export function VerifyMailPage() {
  const t = useAccounts();
  const common = useCommon();
  const { token } = route.useSearch();
  const verify = useVerifyMail();
  useTitle(t("mailTitle"));
  if (!token || codeOf(verify.error) === "link-spent") return <BadLink again="/settings/security" />;
  return (
    <Frame title={t("mailTitle")}>
      <div className="acc-form">
        {verify.isError && (
          <p className="note x" role="alert">
            <Icon name="warn" />
            {explain(verify.error, common)}
          </p>
        )}
        {verify.data ? (
          <>
            <p className="note v" role="status">
              <Icon name="passed" />
              {t("mailDone", { email: verify.data.email })}
            </p>
            <Link className="btn primary lg block" to="/">
              {t("toCourses")}
            </Link>
          </>
        ) : (
          <>
            <p>{t("mailText")}</p>
            <button
              className="btn primary lg block"
              type="button"
              disabled={verify.isPending}
              onClick={() => verify.mutate(token)}
            >
              {t("mailConfirm")}
            </button>
          </>
        )}
      </div>
    </Frame>
  );
}
