import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import "./certificates.css";
import { useCertificates } from "./messages";
import { SerialForm } from "./SerialForm";

export function VerifyFormPage() {
  const t = useCertificates();
  useTitle(t("verifyTitle"));
  return (
    <main id="main" className="wrap vf">
      <div className="card vf-card">
        <span className="msg-i">
          <Icon name="medal" size="l" />
        </span>
        <h1>{t("verifyTitle")}</h1>
        <p>{t("verifyText")}</p>
        <SerialForm label={t("serial")} />
      </div>
    </main>
  );
}
