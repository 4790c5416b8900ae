#include "core/store/sql_error.h"

namespace muster {

namespace {

// Result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte is the primary one.
enum Primary {
    Perm = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    IoErr = 10,
    Corrupt = 11,
    Full = 13,
    CantOpen = 14,
    TooBig = 18,
    Constraint = 19,
    NotADb = 26
};
enum Extended {
    ConstraintCheck = 275,
    ConstraintForeignKey = 787,
    ConstraintNotNull = 1299,
    ConstraintPrimaryKey = 1555,
    ConstraintUnique = 2067,
    ConstraintRowId = 2579
};

ErrorCode constraintCode(int extended)
{
    switch (extended) {
    case ConstraintPrimaryKey:
    case ConstraintUnique:
    case ConstraintRowId:
        return ErrorCode::AlreadyExists;
    case ConstraintForeignKey:
        return ErrorCode::NotFound;
    case ConstraintCheck:
    case ConstraintNotNull:
    default:
        return ErrorCode::InvalidArgument;
    }
}

ErrorCode codeOf(int native)
{
    switch (native & 0xff) {
    case Busy:
    case Locked:
        return ErrorCode::Timeout;
    case Perm:
    case ReadOnly:
    case IoErr:
    case CantOpen:
        return ErrorCode::Io;
    case Corrupt:
    case NotADb:
        return ErrorCode::Corrupt;
    case Full:
        return ErrorCode::DiskFull;
    case TooBig:
        return ErrorCode::TooLarge;
    case Constraint:
        return constraintCode(native);
    default:
        return ErrorCode::Internal;
    }
}

} // namespace

Error toError(const QSqlError &error, const QString &where)
{
    bool isNumber = false;
    const int native = error.nativeErrorCode().toInt(&isNumber);
    return Error{.code = isNumber ? codeOf(native) : ErrorCode::Internal,
                 .detail = error.text().trimmed(),
                 .where = where};
}

bool endsTransaction(ErrorCode code)
{
    return code == ErrorCode::DiskFull || code == ErrorCode::Io || code == ErrorCode::Corrupt ||
           code == ErrorCode::Timeout;
}

} // namespace muster
