// The steps that tell others of a run: whether they were heard is no part of how it ended.

/** File names in scripts/ without their ending. They stand in no run's plan, since they are left out when nobody is to be told. */
export const tellers: readonly string[] = ['12-announce', '92-github', '94-notify']
