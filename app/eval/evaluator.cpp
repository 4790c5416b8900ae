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

// Takes away what would make a result depend on anything but the scope, and what makes code of text: an
// expression is what the file shows. The constructors of functions hide behind every function and generator.
const QString kHardening = uR"JS((function (g) {
    'use strict';
    const constructors = [function () {}, function* () {}].map(f => Object.getPrototypeOf(f));
    for (const prototype of constructors)
        Object.defineProperty(prototype, 'constructor', { value: undefined });
    delete Math.random;
    const kept = ['Object', 'Array', 'String', 'Number', 'Boolean', 'Math', 'JSON', 'RegExp', 'Set', 'Map', 'Symbol',
        'Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'parseInt',
        'parseFloat', 'isNaN', 'isFinite', 'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI',
        'undefined', 'NaN', 'Infinity'];
    for (const name of Object.getOwnPropertyNames(g)) {
        if (!kept.includes(name))
            delete g[name];
    }
    for (const prototype of [Array.prototype, Number.prototype, String.prototype, Object.prototype]) {
        for (const name of ['toLocaleString', 'localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase'])
            delete prototype[name];
    }
    return JSON.stringify;
})(this))JS"_s;

struct Failure {
    EvalErrorCode code;
    QString message;
};

class Request {
public:
    Request(qint64 id, const QJsonObject &scope)
        : m_id(id)
        , m_stringify(m_engine.evaluate(kHardening))
    {
        for (auto it = scope.begin(); it != scope.end(); ++it)
            m_engine.globalObject().setProperty(it.key(), m_engine.toScriptValue(QJsonValue(it.value())));
    }

    QByteArray evaluate(const QStringList &codes)
    {
        QJsonArray values;
        for (int i = 0; i < codes.size(); ++i) {
            const auto value = valueOf(codes.at(i));
            if (!value)
                return failed(i, value.error());
            values.append(*value);
        }
        return line({{u"id"_s, m_id}, {u"values"_s, values}});
    }

    QByteArray check(const QStringList &codes)
    {
        for (int i = 0; i < codes.size(); ++i) {
            if (const auto slip = syntaxError(codes.at(i)))
                return failed(i, {.code = EvalErrorCode::Syntax, .message = *slip});
        }
        return line({{u"id"_s, m_id}, {u"values"_s, QJsonArray()}});
    }

    // What can be read as an expression is one; anything else is the body of a function.
    QByteArray run(const QString &code)
    {
        const QString body = syntaxError(code) ? code : u"return (%1\n);"_s.arg(code);
        return evaluate({u"(function(){ 'use strict'; %1\n})()"_s.arg(body)});
    }

    [[nodiscard]] QByteArray failed(int index, const Failure &failure) const
    {
        const QJsonObject error{
            {u"index"_s, index}, {u"code"_s, enumName(failure.code)}, {u"message"_s, failure.message}};
        return line({{u"id"_s, m_id}, {u"error"_s, error}});
    }

private:
    // A function that is never called: only its syntax matters.
    std::optional<QString> syntaxError(const QString &code)
    {
        const QJSValue made = m_engine.evaluate(u"(function(){ return (%1\n); })"_s.arg(code));
        return made.isError() ? std::optional(made.toString()) : std::nullopt;
    }

    std::expected<QJsonValue, Failure> valueOf(const QString &code)
    {
        QStringList thrown;
        const QJSValue value = m_engine.evaluate(code, {}, 1, &thrown);
        if (value.isError() || !thrown.isEmpty()) {
            const bool syntax = value.errorType() == QJSValue::SyntaxError;
            return std::unexpected(Failure{.code = syntax ? EvalErrorCode::Syntax : EvalErrorCode::Threw,
                                           .message = value.toString()});
        }
        if (value.isCallable())
            return std::unexpected(Failure{.code = EvalErrorCode::NotAValue, .message = u"a function"_s});
        const QJSValue text = m_stringify.call({value});
        if (text.isError())
            return std::unexpected(Failure{.code = EvalErrorCode::NotAValue, .message = text.toString()});
        const QByteArray json = text.isUndefined() ? QByteArray("null") : text.toString().toUtf8();
        if (json.size() > mostResultBytes)
            return std::unexpected(
                Failure{.code = EvalErrorCode::TooLarge, .message = QString::number(json.size())});
        return QJsonDocument::fromJson('[' + json + ']').array().first();
    }

    qint64 m_id;
    QJSEngine m_engine;
    QJSValue m_stringify;
};

QStringList textsOf(const QJsonValue &value)
{
    QStringList out;
    const QJsonArray array = value.toArray();
    for (const QJsonValueConstRef item : array)
        out += item.toString();
    return out;
}

} // namespace

void warmUp() { (void)Request(0, {}).evaluate({u"1 + 1"_s}); }

QByteArray answer(const QByteArray &line, void (*limit)(int cpuMs))
{
    const QJsonObject request = QJsonDocument::fromJson(line).object();
    limit(request.value(u"cpu_ms").toInt());
    Request evaluation(request.value(u"id").toInteger(), request.value(u"scope").toObject());
    if (request.contains(u"check"))
        return evaluation.check(textsOf(request.value(u"check")));
    if (request.contains(u"script"))
        return evaluation.run(request.value(u"script").toString());
    if (!request.contains(u"exprs"))
        return evaluation.failed(0, {.code = EvalErrorCode::BadRequest, .message = u"no exprs"_s});
    QStringList codes = textsOf(request.value(u"exprs"));
    for (QString &code : codes)
        code = u"'use strict'; (%1\n)"_s.arg(code);
    return evaluation.evaluate(codes);
}

} // namespace muster::eval
