// Package study decides what time of study is verified. A client only claims;
// the server credits a second when it has evidence for it, and keeps the
// evidence. Here are the rules as plain functions: what a beat may claim, how
// it is judged against the state of its session and of its person, how tokens
// are chained, how media may be delivered.
//
// Beside the rules lie studyredis (the hot state, changed by one script that
// follows the same rules), studydb (the evidence) and engine (which joins them).
//
// Times are server milliseconds since 1970, media positions milliseconds from
// the beginning of the lesson, coverage whole seconds of media.
package study
