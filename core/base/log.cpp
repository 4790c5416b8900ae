#include "core/base/log.h"

#include "core/base/redactor.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMutex>
#include <QMutexLocker>
#include <QThread>

#include <cstdio>
#include <memory>

namespace muster {

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(logBase, "muster.base")
Q_LOGGING_CATEGORY(logStore, "muster.store")
Q_LOGGING_CATEGORY(logProcess, "muster.process")
Q_LOGGING_CATEGORY(logProtocol, "muster.protocol")
Q_LOGGING_CATEGORY(logAgent, "muster.agent")
Q_LOGGING_CATEGORY(logTasks, "muster.tasks")
Q_LOGGING_CATEGORY(logFlow, "muster.flow")
Q_LOGGING_CATEGORY(logChat, "muster.chat")
Q_LOGGING_CATEGORY(logWorkspace, "muster.workspace")
Q_LOGGING_CATEGORY(logNode, "muster.node")
Q_LOGGING_CATEGORY(logUi, "muster.ui", QtInfoMsg)
Q_LOGGING_CATEGORY(logApp, "muster.app")

namespace {

constexpr qsizetype longestMessage = 16'384; // an agent's line must not fill the log

// The current file and the old ones beside it: name.log, name.1.log, name.2.log …
QString logPath(const LogOptions &options, int age)
{
    const QString number = age == 0 ? QString() : QString(u'.' + QString::number(age));
    return options.dir + u'/' + options.name + number + u".log"_s;
}

void moveToOld(const LogOptions &options)
{
    QFile::remove(logPath(options, options.keep - 1));
    for (int age = options.keep - 2; age >= 0; --age)
        QFile::rename(logPath(options, age), logPath(options, age + 1));
}

class LogFile {
public:
    explicit LogFile(LogOptions options)
        : m_options(std::move(options))
        , m_file(logPath(m_options, 0))
    {
    }

    [[nodiscard]] Status open()
    {
        const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner;
        if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append, ownerOnly))
            return fail(ErrorCode::Io, m_file.errorString(), m_file.fileName());
        return {};
    }

    void write(const QByteArray &line)
    {
        if (m_file.size() + line.size() > m_options.maxBytes && m_file.size() > 0)
            rotate();
        m_file.write(line);
        m_file.flush();
        if (m_options.alsoStderr)
            std::fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    }

private:
    void rotate()
    {
        m_file.close();
        moveToOld(m_options);
        // If this fails there is nowhere to say so; writing to a closed file does nothing.
        [[maybe_unused]] const Status opened = open();
    }

    LogOptions m_options;
    QFile m_file;
};

struct Sink {
    QMutex mutex;
    std::unique_ptr<LogFile> file;
};

Sink &sink()
{
    static Sink &theSink = *new Sink; // never destroyed: messages come until the very end of the process
    return theSink;
}

char letter(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return 'D';
    case QtInfoMsg:
        return 'I';
    case QtWarningMsg:
        return 'W';
    case QtCriticalMsg:
        return 'C';
    case QtFatalMsg:
        break;
    }
    return 'F';
}

QByteArray toLine(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    QString text = Redactor::global().redact(message.left(longestMessage));
    text.replace(u'\n', u"\\n"_s).replace(u'\r', u"\\r"_s); // one line a message, whoever wrote it
    const QString category = QString::fromUtf8(context.category ? context.category : "default");
    const QString line = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) + u' ' +
                         QLatin1Char(letter(type)) + u' ' + category + u": "_s + text + u'\n';
    return line.toUtf8();
}

void handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QByteArray line = toLine(type, context, message);
    const QMutexLocker lock(&sink().mutex);
    if (sink().file)
        sink().file->write(line);
}

} // namespace

Status installLog(const LogOptions &options)
{
    if (!QDir().mkpath(options.dir))
        return fail(ErrorCode::Io, u"cannot make the folder"_s, options.dir);
    auto file = std::make_unique<LogFile>(options);
    if (Status opened = file->open(); !opened)
        return opened;
    {
        const QMutexLocker lock(&sink().mutex);
        sink().file = std::move(file);
    }
    qInstallMessageHandler(handleMessage);
    return {};
}

void rotateFullLog(const LogOptions &options)
{
    if (QFileInfo(logPath(options, 0)).size() >= options.maxBytes)
        moveToOld(options);
}

void uninstallLog()
{
    qInstallMessageHandler(nullptr);
    const QMutexLocker lock(&sink().mutex);
    sink().file.reset();
}

} // namespace muster
