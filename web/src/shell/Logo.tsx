/** The mark of the cabinet; decorative, the name always stands beside it. */
export function Logo({ size = 28 }: { size?: number }) {
  return <img src="/icon.svg" width={size} height={size} alt="" />;
}
