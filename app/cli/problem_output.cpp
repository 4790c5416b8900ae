#include "app/cli/problem_output.h"

#include "app/cli/cli.h"
#include "app/cli/source_excerpt.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/visible_text.h"

#include <QFile>

namespace muster::app {

using namespace Qt::StringLiterals;

void printProblem(const api::FlowProblemInfo &problem, const QString &file, const SourceExcerpt &excerpt)
{
    const FlowProblemText text = describe(problem);
    // What is wrong with the file as a whole has no place.
    const QString place =
        problem.line > 0 ? u"%1:%2:%3"_s.arg(file).arg(problem.line).arg(problem.column) : file;
    Cli::print(u"%1: %2 [%3]"_s.arg(withVisibleMarks(place), withVisibleMarks(text.message), problem.code));
    const QStringList lines = excerpt.at(problem.line, problem.column);
    for (const QString &line : lines)
        Cli::print(line);
    if (!text.hint.isEmpty())
        Cli::print(excerpt.indent() + withVisibleMarks(text.hint));
}

SourceExcerpt excerptOf(const QString &path)
{
    QFile file(path);
    return SourceExcerpt(file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
}

} // namespace muster::app
