#include "app/cli/decode_command.h"

#include "app/cli/cli.h"
#include "core/agent/runtime_catalog.h"
#include "core/agent/transcript_decoder.h"
#include "core/base/redactor.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

int refuse(const QString &text, ErrorCode code, bool json)
{
    Cli::refuseArguments({.code = code, .detail = text, .where = {}}, json);
    return code == ErrorCode::InvalidArgument ? ExitUsage : ExitCannotRun;
}

// Transcripts hold what agents have read and said: keys are masked, because this is made to be sent on.
QString masked(const QJsonObject &event)
{
    const QByteArray text = QJsonDocument(event).toJson(QJsonDocument::Compact);
    return Redactor::global().redact(QString::fromUtf8(text));
}

void printEvent(const QJsonObject &event, bool json)
{
    if (json) {
        Cli::print(masked(event));
        return;
    }
    Cli::print(u"%1  %2  %3"_s.arg(event.value(u"line").toInt(), 5)
                   .arg(event.value(u"kind").toString(), -28)
                   .arg(masked(event.value(u"data").toObject())));
}

} // namespace

int decodeTranscript(const DecodeOptions &options, const Paths &paths, bool json)
{
    const QString binFolder = QCoreApplication::applicationDirPath();
    auto catalog = RuntimeCatalog::load(u":/muster/runtimes"_s, binFolder);
    if (!catalog)
        return refuse(catalog.error().where + u": "_s + catalog.error().detail, catalog.error().code, json);
    for (const Error &problem : catalog->addPersonal(paths.configDir + u"/runtimes"_s, binFolder))
        Cli::say(Cli::tr("Left out: %1: %2").arg(problem.where, problem.detail));
    const RuntimeRecord *runtime = catalog->find(options.runtime);
    if (!runtime)
        return refuse(Cli::tr("There is no runtime '%1'. There are: %2.")
                          .arg(options.runtime, catalog->ids().join(u", "_s)),
                      ErrorCode::InvalidArgument, json);
    QFile file(options.file);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(Cli::tr("%1 cannot be read: %2").arg(options.file, file.errorString()), ErrorCode::Io,
                      json);
    QByteArray line = file.readLine();
    TranscriptDecoder decoder(*runtime, TranscriptDecoder::isRecord(line),
                              [json](const QJsonObject &event) { printEvent(event, json); });
    for (; !line.isEmpty(); line = file.readLine())
        decoder.take(line.endsWith('\n') ? line.chopped(1) : line);
    decoder.end();
    if (decoder.eventCount() > 0)
        return ExitSuccess;
    Cli::say(Cli::tr("Nothing in it is an event of %1.").arg(runtime->label));
    return ExitFailed;
}

} // namespace muster::app
