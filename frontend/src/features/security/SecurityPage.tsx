import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { factorsQuery } from "./api";
import { Codes } from "./Codes";
import { Mail } from "./Mail";
import { useSecurity } from "./messages";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import { SignIns } from "./SignIns";
import { Totp } from "./Totp";
import "./security.css";

/** What guards the account, and where it is open. */
export function SecurityPage() {
  const t = useSecurity();
  const me = useQuery(meQuery);
  const factors = useQuery(factorsQuery);
  useTitle(t("title"));
  const failed = me.isError ? me : factors.isError ? factors : undefined;
  return (
    <main id="main" className="wrap sec">
      <h1>{t("title")}</h1>
      {failed && <Failure error={failed.error} retry={() => void failed.refetch()} />}
      {!failed && !(me.data && factors.data) && <Skeleton lines={8} tall />}
      {me.data && factors.data && (
        <>
          {me.data.second_factor_required && (
            <p className="note p">
              <Icon name="shield" />
              {t("asked")}
            </p>
          )}
          <Mail me={me.data} />
          <Password secondFactor={me.data.second_factor} />
          <section className="card" aria-labelledby="sec-factors">
            <h2 id="sec-factors">{t("factors")}</h2>
            <p className="muted">{t("factorsWhy")}</p>
            <Totp since={factors.data.totp_since} />
            <Passkeys passkeys={factors.data.passkeys} />
            <Codes
              left={factors.data.recovery_codes_left}
              any={Boolean(factors.data.totp_since) || factors.data.passkeys.length > 0}
            />
          </section>
          <SignIns />
        </>
      )}
    </main>
  );
}
