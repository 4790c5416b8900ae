#include "core/agent/launch_problem.h"

#include <QRegularExpression>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

const std::vector<LaunchFailurePattern> &common()
{
    static const std::vector<LaunchFailurePattern> patterns{
        {u"\\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\\b"_s,
         LaunchProblem::Network},
        {u"\\bEBADENGINE\\b|[Rr]equires Node(\\.js)?\\b"_s, LaunchProblem::WrongVersion},
    };
    return patterns;
}

} // namespace

LaunchProblem launchProblemOf(const std::vector<LaunchFailurePattern> &patterns, const QString &said,
                              LaunchProblem otherwise)
{
    for (const auto *list : {&patterns, &common()}) {
        for (const LaunchFailurePattern &known : *list) {
            const QRegularExpression pattern(known.pattern);
            if (pattern.isValid() && pattern.match(said).hasMatch())
                return known.problem;
        }
    }
    return otherwise;
}

} // namespace muster
