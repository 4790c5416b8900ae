#include "app/model_agent/serve/options.h"

#include <QCommandLineParser>
#include <QStandardPaths>

#include <unistd.h>

#include <cstring>

using namespace Qt::StringLiterals;

namespace muster::model {

namespace {

// Out of the list of variables and out of the memory that /proc shows of this process.
QByteArray takeVariable(const QString &name)
{
    const QByteArray local = name.toLocal8Bit();
    char *value = std::getenv(local.constData()); // NOLINT(concurrency-mt-unsafe): before any thread
    if (value == nullptr)
        return {};
    QByteArray taken(value);
    std::memset(value, 'x', static_cast<size_t>(taken.size()));
    qunsetenv(local.constData());
    return taken.trimmed();
}

template <typename T> void numberFrom(const char *name, int least, T &out)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(name, &isNumber);
    if (isNumber && number >= least)
        out = T(number);
}

void readEnvironment(Options &options)
{
    for (const QString &name : std::as_const(options.keyNames)) {
        const QByteArray value = takeVariable(name);
        if (options.key.isEmpty())
            options.key = value;
    }
    for (const QString &name : std::as_const(options.addressNames)) {
        if (const QString set = qEnvironmentVariable(name.toLocal8Bit().constData()); !set.isEmpty())
            options.address = addressFrom(set);
    }
    options.stateFolder = qEnvironmentVariable("MUSTER_MODEL_STATE");
    if (options.stateFolder.isEmpty())
        options.stateFolder =
            QStandardPaths::writableLocation(QStandardPaths::GenericStateLocation) + u"/muster-model-agent";
    numberFrom("MUSTER_MODEL_MAX_CALLS", 1, options.maxCalls);
    numberFrom("MUSTER_MODEL_RETRIES", 0, options.maxRetries);
    numberFrom("MUSTER_MODEL_RETRY_MS", 0, options.retryPause);
}

} // namespace

QUrl addressFrom(const QString &text)
{
    QString address = text.trimmed();
    const bool isLocal = !address.contains("://"_L1);
    while (address.endsWith(u'/'))
        address.chop(1);
    QUrl url(isLocal ? QString(u"http://"_s + address) : address, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "http"_L1 && url.scheme() != "https"_L1))
        return {};
    // What a server binds to is not where it is reached.
    if (url.host() == "0.0.0.0"_L1)
        url.setHost(u"127.0.0.1"_s);
    // As a local model server is named: a host alone means its usual port.
    constexpr int usualPort = 11434;
    if (isLocal && url.port() < 0)
        url.setPort(usualPort);
    return url;
}

Result<Options> readOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.addOptions({{u"api"_s, {}, u"kind"_s},
                       {u"title"_s, {}, u"text"_s},
                       {u"address"_s, {}, u"url"_s},
                       {u"address-env"_s, {}, u"name"_s},
                       {u"key-env"_s, {}, u"name"_s},
                       {u"key-optional"_s, {}},
                       {u"model"_s, {}, u"id"_s}});
    if (!parser.parse(arguments) || !parser.positionalArguments().isEmpty())
        return fail(ErrorCode::InvalidArgument, parser.errorText());
    const auto api = enumFromName<ModelApiKind>(parser.value(u"api"_s));
    if (!api)
        return fail(ErrorCode::InvalidArgument, parser.value(u"api"_s), u"--api"_s);
    Options options{.api = *api,
                    .title = parser.value(u"title"_s),
                    .address = addressFrom(parser.value(u"address"_s)),
                    .addressNames = parser.values(u"address-env"_s),
                    .key = {},
                    .keyNames = parser.values(u"key-env"_s),
                    .keyNeeded = !parser.isSet(u"key-optional"_s),
                    .model = parser.value(u"model"_s),
                    .stateFolder = {}};
    readEnvironment(options);
    return options;
}

} // namespace muster::model
