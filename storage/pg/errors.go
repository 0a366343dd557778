package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/hourglass-lms/hourglass/internal/fault"
)

// Translate gives an error of PostgreSQL or of the way to it its kind:
// no rows is NotFound, a unique violation Conflict, a check or foreign key
// Invalid, a lost or refused connection Unavailable. The cause is kept for
// the log. What has a kind already, and what is not of PostgreSQL, passes unchanged.
func Translate(err error) error {
	if err == nil {
		return nil
	}
	if _, known := fault.Of(err); known {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) || errors.Is(err, sql.ErrNoRows) || errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.Wrap(fault.NotFound, err, fault.NothingHere)
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return translateCode(pe, err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if isConnection(err) {
		return unavailable(err)
	}
	return err
}

// Codes of PostgreSQL, appendix A of its manual.
func translateCode(pe *pgconn.PgError, err error) error {
	switch code := pe.Code; {
	case code == "23505":
		return fault.Wrap(fault.Conflict, err, "this exists already")
	case code == "23503":
		return fault.Wrap(fault.Invalid, err, "it refers to something that does not exist")
	case code == "23514", code == "23502", strings.HasPrefix(code, "22"):
		return fault.Wrap(fault.Invalid, err, "a value is not allowed here")
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "53"), code == "25006":
		return unavailable(err)
	}
	return err
}

func isConnection(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &network) || errors.As(err, &connect) || errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) ||
		pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "unexpected EOF")
}

// away is how soon it is worth asking again.
const away = 2 * time.Second

func unavailable(err error) error {
	return fault.Away(err, away, "The database does not answer at the moment. Nothing is lost; please try again.")
}
