package registrydb

// DutyOfStaff lets a test look at the plan.
const DutyOfStaff = dutyOfStaff
