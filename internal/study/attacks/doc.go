// Package attacks holds study time against people who want hours without
// studying. Each attack is a small function that speaks to one real server
// over HTTP; afterwards PostgreSQL must have credited exactly what was studied
// honestly, and somebody who studied beside it must have lost nothing.
// See docs/study-time.md.
package attacks
