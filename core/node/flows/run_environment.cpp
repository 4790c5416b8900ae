#include "core/node/flows/run_environment.h"

namespace muster {

using namespace Qt::StringLiterals;

RunEnvironment::RunEnvironment(ExpressionEvaluator &evaluator, RunBooks &books)
    : m_evaluator(evaluator)
    , m_books(books)
{
}

void RunEnvironment::evaluate(const EvaluationRequest &request, std::function<void(Result<QJsonArray>)> done)
{
    const RunId run{request.scope.value(u"run"_s)[u"id"_s].toInteger()};
    const RunBook *book = m_books.find(run);
    if (!book || book->definition->env.isEmpty()) {
        m_evaluator.evaluate(request, std::move(done));
        return;
    }
    const QStringList names = book->definition->env;
    if (const QStringList missing = missingVariables(names); !missing.isEmpty()) {
        done(fail(ErrorCode::NotFound, u"env "_s + missing.join(u' ')));
        return;
    }
    QJsonObject env;
    for (const QString &name : names)
        env.insert(name, qEnvironmentVariable(name.toUtf8().constData()));
    EvaluationRequest seen = request;
    seen.scope.insert(u"env"_s, env);
    m_evaluator.evaluate(seen, std::move(done));
}

QStringList missingVariables(const QStringList &names)
{
    QStringList missing;
    for (const QString &name : names) {
        if (!qEnvironmentVariableIsSet(name.toUtf8().constData()))
            missing.append(name);
    }
    return missing;
}

} // namespace muster
