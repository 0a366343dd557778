import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { Skeleton } from "../../ui/states";
import { wire } from "./api";
import "./authoring.css";
import { useAuthoring } from "./messages";
import { Workbench } from "./Workbench";

const route = getRouteApi("/workspace/courses/$courseId");

export function EditorPage() {
  const t = useAuthoring();
  const { courseId } = route.useParams();
  // Read once: from then on the editor itself knows what the server has.
  const loaded = useQuery({
    queryKey: ["draft", courseId],
    queryFn: () => wire.load(courseId),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  if (loaded.isError) {
    return (
      <main id="main" className="wsp">
        <h1 className="vh">{t("course")}</h1>
        <Failure error={loaded.error} retry={() => void loaded.refetch()} />
      </main>
    );
  }
  if (!loaded.data) {
    return (
      <main id="main" className="wsp">
        <Skeleton lines={8} tall />
      </main>
    );
  }
  return <Workbench key={courseId} courseId={courseId} loaded={loaded.data} />;
}
