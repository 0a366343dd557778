// Package faults kills, empties, stalls and cuts off what study time stands on
// while people study, and compares in the end what they were told with what
// PostgreSQL holds. The comparing shares no code with the rules. See
// docs/study-time.md.
package faults
