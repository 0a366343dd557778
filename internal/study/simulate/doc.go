// Package simulate looks for a history that breaks a promise about study
// time. It drives the production engine on a real Redis and PostgreSQL through
// seeded histories of people, devices and faults in virtual time, and holds
// what was answered against an oracle that knows the promises and nothing of
// how they are kept.
package simulate
