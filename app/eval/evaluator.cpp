#include "app/eval/evaluator.h"

#include "core/flow/eval_protocol.h"

#include <QJSEngine>
#include <QJsonDocument>
#include <QJsonObject>

namespace muster::eval {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostResultBytes = 4 * 1024 * 1024;

QByteArray line(const QJsonObject &message) { return QJsonDocument(message).toJson(QJsonDocument::Compact); }

QByteArray failure(qint64 id, int index, EvalErrorCode code, const QString &message)
{
    return line({{u"id"_s, id},
                 {u"error"_s,
                  QJsonObject{{u"index"_s, index}, {u"code"_s, enumName(code)}, {u"message"_s, message}}}});
}

// What would make a result depend on anything but the scope.
void takeAway(QJSEngine &engine)
{
    engine.evaluate(
        u"(function(g){ delete Math.random;"
        "for (const name of ['Date','eval','Function','setTimeout','setInterval','Qt','console','print','gc',"
        "'WeakRef','FinalizationRegistry','SharedArrayBuffer','Atomics']) { delete g[name]; } })(this)"_s);
}

class Request {
public:
    Request(qint64 id, const QJsonObject &scope)
        : m_id(id)
    {
        takeAway(m_engine);
        for (auto it = scope.begin(); it != scope.end(); ++it)
            m_engine.globalObject().setProperty(it.key(), m_engine.toScriptValue(QJsonValue(it.value())));
        m_stringify = m_engine.evaluate(u"JSON.stringify"_s);
    }

    QByteArray evaluate(const QStringList &codes)
    {
        QJsonArray values;
        for (int i = 0; i < codes.size(); ++i) {
            const QJSValue value = m_engine.evaluate(codes.at(i));
            if (value.isError()) {
                const bool syntax = value.errorType() == QJSValue::SyntaxError;
                return failure(m_id, i, syntax ? EvalErrorCode::Syntax : EvalErrorCode::Threw,
                               value.toString());
            }
            if (value.isCallable())
                return failure(m_id, i, EvalErrorCode::NotAValue, u"a function"_s);
            const QJSValue text = m_stringify.call({m_engine.toScriptValue(QJSValueList{value}.first())});
            if (text.isError())
                return failure(m_id, i, EvalErrorCode::NotAValue, text.toString());
            const QByteArray json = text.isUndefined() ? QByteArray("null") : text.toString().toUtf8();
            if (json.size() > mostResultBytes)
                return failure(m_id, i, EvalErrorCode::TooLarge, QString::number(json.size()));
            values.append(QJsonDocument::fromJson('[' + json + ']').array().first());
        }
        return line({{u"id"_s, m_id}, {u"values"_s, values}});
    }

    QByteArray check(const QStringList &codes)
    {
        for (int i = 0; i < codes.size(); ++i) {
            // A function that is never called: only its syntax matters.
            const QJSValue made = m_engine.evaluate(u"(function(){ return (%1\n); })"_s.arg(codes.at(i)));
            if (made.isError())
                return failure(m_id, i, EvalErrorCode::Syntax, made.toString());
        }
        return line({{u"id"_s, m_id}, {u"values"_s, QJsonArray()}});
    }

private:
    qint64 m_id;
    QJSEngine m_engine;
    QJSValue m_stringify;
};

QStringList textsOf(const QJsonValue &value)
{
    QStringList out;
    const QJsonArray array = value.toArray();
    for (const QJsonValue &item : array)
        out += item.toString();
    return out;
}

} // namespace

void warmUp() { (void)Request(0, {}).evaluate({u"1 + 1"_s}); }

QByteArray answer(const QByteArray &text)
{
    const QJsonObject request = QJsonDocument::fromJson(text).object();
    const qint64 id = request.value(u"id").toInteger();
    Request evaluation(id, request.value(u"scope").toObject());
    if (request.contains(u"check"))
        return evaluation.check(textsOf(request.value(u"check")));
    if (request.contains(u"script"))
        return evaluation.evaluate({u"(function(){ %1\n})()"_s.arg(request.value(u"script").toString())});
    if (!request.contains(u"exprs"))
        return failure(id, 0, EvalErrorCode::BadRequest, u"no exprs"_s);
    QStringList codes = textsOf(request.value(u"exprs"));
    for (QString &code : codes)
        code = u"(%1\n)"_s.arg(code);
    return evaluation.evaluate(codes);
}

} // namespace muster::eval
