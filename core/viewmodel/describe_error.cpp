#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_changes.h"
#include "core/viewmodel/describe_schedule.h"
#include "core/viewmodel/describe_tasks.h"
#include "core/viewmodel/known_errors.h"

#include <QCoreApplication>
#include <QDateTime>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

QString sentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return Describe::tr("A value is not valid.");
    case ErrorCode::NotFound:
        return Describe::tr("It was not found.");
    case ErrorCode::AlreadyExists:
        return Describe::tr("It exists already.");
    case ErrorCode::Conflict:
        return Describe::tr("Something else changed it first.");
    case ErrorCode::PermissionDenied:
        return Describe::tr("Permission was denied.");
    case ErrorCode::NotTrusted:
        return Describe::tr("This project is not trusted yet, so its own files do nothing.");
    case ErrorCode::Unsupported:
        return Describe::tr("That is not in this version.");
    case ErrorCode::Unavailable:
        return Describe::tr("The other side cannot be reached.");
    case ErrorCode::VersionMismatch:
        return Describe::tr("The other side is of another version.");
    case ErrorCode::Timeout:
        return Describe::tr("It took too long.");
    case ErrorCode::Cancelled:
        return Describe::tr("It was cancelled.");
    case ErrorCode::Io:
        return Describe::tr("Reading or writing failed.");
    case ErrorCode::DiskFull:
        return Describe::tr("The disk is full.");
    case ErrorCode::Corrupt:
        return Describe::tr("The data is damaged.");
    case ErrorCode::NewerStore:
        return Describe::tr("The store was written by a newer Muster.");
    case ErrorCode::Protocol:
        return Describe::tr("The other side sent something that was not understood.");
    case ErrorCode::TooLarge:
        return Describe::tr("It is too large.");
    case ErrorCode::LaunchFailed:
        return Describe::tr("The program could not be started.");
    case ErrorCode::Internal:
        return Describe::tr("Something went wrong inside Muster.");
    }
    return {};
}

QString describeUnknownInput(const QString &name, const QString &there, const QString &suggestion)
{
    const QString what = Describe::tr("This flow has no input “%1”.").arg(name);
    if (!suggestion.isEmpty())
        return what + u' ' + Describe::tr("Did you mean “%1”?").arg(suggestion);
    return what + u' ' +
           (there.isEmpty() ? Describe::tr("It takes none.") : Describe::tr("It has: %1.").arg(there));
}

// A line for each: name, code, what was found, what was expected, what may be meant (see
// run_preparation.cpp).
QString describeInputs(const QString &detail)
{
    QStringList out;
    const QStringList lines = detail.split(u'\n');
    for (const QString &line : lines) {
        const QString name = line.section(u'\t', 0, 0);
        const QString code = line.section(u'\t', 1, 1);
        const QString found = line.section(u'\t', 2, 2);
        const QString expected = line.section(u'\t', 3, 3);
        if (code == "unknown_input"_L1)
            out += describeUnknownInput(name, expected, line.section(u'\t', 4, 4));
        else if (code == "missing_input"_L1)
            out += Describe::tr("This flow needs the input “%1”: give it with --input %1=VALUE.").arg(name);
        else if (code == "not_a_choice"_L1)
            out += Describe::tr("The input “%1” cannot be “%2”. It must be one of: %3.")
                       .arg(name, found, expected);
        else
            out += Describe::tr("The input “%1” cannot be “%2”. It must be of the type %3.")
                       .arg(name, found, expected);
    }
    return out.join(u'\n');
}

// In one pass, and each as often as it stands there or not at all: neither QString::arg() nor replace() will
// do.
QString filled(const QString &text, const Error &error)
{
    QString out;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QStringView rest = QStringView(text).sliced(i);
        if (rest.startsWith("%1"_L1) || rest.startsWith("%2"_L1))
            out += text.at(++i) == u'1' ? error.detail : error.where;
        else
            out += text.at(i);
    }
    return out;
}

QString sentences(const EndingProblem &problem)
{
    QString out = problem.text;
    if (!problem.advice.isEmpty())
        out += u' ' + problem.advice;
    for (const QString &file : problem.files)
        out += u"\n  " + file;
    return out;
}

} // namespace

QString describe(const Error &error)
{
    if (error.code == ErrorCode::InvalidArgument && error.where == "inputs"_L1)
        return describeInputs(error.detail);
    if (error.code == ErrorCode::InvalidArgument && error.where == "when"_L1)
        return describe(whenProblemFrom(error.detail));
    if (const auto problem = describeEndingProblem(error))
        return sentences(*problem);
    if (const auto full = describeAtCapacity(error, QDateTime::currentMSecsSinceEpoch()))
        return *full;
    if (const char *text = knownErrorText(error))
        return filled(QCoreApplication::translate("Describe", text), error);
    QString out = sentence(error.code);
    if (!error.detail.isEmpty())
        out += u' ' + Describe::tr("(%1)").arg(error.detail);
    if (!error.where.isEmpty())
        out += u' ' + Describe::tr("Where: %1").arg(error.where);
    return out;
}

} // namespace muster
