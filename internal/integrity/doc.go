// Package integrity finds study that people rarely do by themselves, and puts
// it before a person who decides: answers faster than anybody reads, beats as
// even as a clock, study round the clock, guesses, checks that nobody answers,
// one device for many people. A flag is a question. It takes no credit away.
package integrity
