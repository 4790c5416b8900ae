// Which model to ask where none is named: the one that the server has, if it has one only.
#include "app/model_agent/turn/turn.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

constexpr qint64 maxList = 4LL * 1024 * 1024;
constexpr int maxNamed = 12;

QFuture<Result<QByteArray>> get(QNetworkReply *reply)
{
    const auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    QObject::connect(reply, &QNetworkReply::finished, reply, [reply, promise] {
        if (reply->error() == QNetworkReply::NoError)
            promise->addResult(reply->read(maxList));
        else
            promise->addResult(fail(ErrorCode::Unavailable, reply->errorString()));
        promise->finish();
        reply->deleteLater();
    });
    return promise->future();
}

} // namespace

Async<QString> Turn::findModel(std::shared_ptr<Turn> self)
{
    const QString path = self->m_context.api.listPath();
    if (path.isEmpty())
        co_return fail(ErrorCode::NotFound, u"no model is named"_s);
    const QPointer reply =
        self->m_context.network.get(requestTo(self->m_context.options, self->m_context.api, path));
    self->m_interrupt = [reply] {
        if (reply)
            reply->abort();
    };
    const auto body = co_await resultOf(get(reply));
    self->m_interrupt = {};
    if (!body)
        co_return fail(ErrorCode::Unavailable,
                       u"no model is named, and the server does not list any: "_s + body.error().detail);
    QStringList models = self->m_context.api.modelsIn(QJsonDocument::fromJson(*body).object());
    if (models.size() == 1)
        co_return models.front();
    if (models.isEmpty())
        co_return fail(ErrorCode::NotFound, u"the server has no model"_s);
    const QString more = models.size() > maxNamed ? u", …"_s : QString();
    models = models.first(std::min<qsizetype>(models.size(), maxNamed));
    co_return fail(ErrorCode::NotFound,
                   u"no model is named; the server has "_s + models.join(u", "_s) + more);
}

} // namespace muster::model
