import "./progress.css";

/** How much of something long is done, as a bar with its figure beside it. */
export function Progress({ label, value, text }: { label: string; value: number; text: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div className="prog">
      <div className="prog-t">
        <span>{label}</span>
        <span className="num">{text}</span>
      </div>
      <div
        className="prog-b"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={text}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
