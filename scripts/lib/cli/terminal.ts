// What a terminal may be sent: colours and moves of the cursor, as NO_COLOR, FORCE_COLOR and TERM=dumb ask for.

type Variables = Readonly<Record<string, string | undefined>>

/** As Node and most programs decide it: FORCE_COLOR over NO_COLOR (no-color.org) over what the terminal can do. */
export function hasColours(stream: {isTTY?: boolean}, variables: Variables): boolean {
  const {NO_COLOR = '', FORCE_COLOR} = variables
  if (FORCE_COLOR !== undefined) return ['', '1', '2', '3', 'true'].includes(FORCE_COLOR)
  return NO_COLOR === '' && hasCursor(stream, variables)
}

/** Whether lines that were printed can be drawn again. */
export function hasCursor(stream: {isTTY?: boolean}, {TERM}: Variables): boolean {
  return stream.isTTY === true && TERM !== 'dumb'
}
