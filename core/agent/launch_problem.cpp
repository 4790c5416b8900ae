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
        {u"\\bEBADENGINE\\b|[Rr]equires Node(\\.js)?\\b|[Uu]nsupported (engine|Node(\\.js)? version)"_s,
         LaunchProblem::WrongVersion},
        {u"env: .{0,3}(node|bun|python3?).{0,3}: No such file"_s, LaunchProblem::SystemRefused},
        {u"(?i)\\b(invalid|incorrect|revoked|expired) (x-)?api[ _-]?key|\\bauthentication_error\\b"_s,
         LaunchProblem::BadKey},
        {u"(?i)\\bnot (logged|signed) in\\b|\\bplease (log|sign) ?in\\b|\\b(missing|no) api[ _-]?key\\b|"
         "\\bapi[ _-]?key (is )?(not set|missing|required)\\b"_s,
         LaunchProblem::AuthRequired},
        {u"(?i)\\bmodel[ _]not[ _](found|available|supported)\\b|\\bunknown model\\b|\\bno access to (the )?model\\b"_s,
         LaunchProblem::ModelUnavailable},
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
