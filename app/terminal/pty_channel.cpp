#include "app/terminal/pty_channel.h"

#include "app/terminal/pty_worker.h"
#include "app/terminal/tree_ender.h"

namespace muster {
namespace {

class PtyChannel final : public TerminalChannel {
public:
    PtyChannel(QThread *thread, TreeEnder *ender, QObject *parent)
        : TerminalChannel(parent)
        , m_worker(new PtyWorker(ender))
    {
        m_worker->moveToThread(thread);
        connect(m_worker, &PtyWorker::started, this, [this](const ProcessIdentity &shell) {
            m_shell = shell;
            emit started();
        });
        connect(m_worker, &PtyWorker::failed, this, &TerminalChannel::failed);
        connect(m_worker, &PtyWorker::ended, this, &TerminalChannel::ended);
    }

    ~PtyChannel() override { m_worker->deleteLater(); }
    Q_DISABLE_COPY_MOVE(PtyChannel)

    void start(const TerminalRequest &request) override
    {
        // Duplicated here: the widget may close its own while the message is on its way.
        const int display = PtyWorker::duplicate(request.displayFd);
        QMetaObject::invokeMethod(m_worker,
                                  [worker = m_worker, request, display] { worker->start(request, display); });
    }

    void write(const QByteArray &bytes) override
    {
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, bytes] { worker->write(bytes); });
    }

    void resize(int rows, int columns) override
    {
        QMetaObject::invokeMethod(m_worker,
                                  [worker = m_worker, rows, columns] { worker->resize(rows, columns); });
    }

    [[nodiscard]] QStringList programs() const override { return jobsOf(m_shell); }

private:
    ProcessIdentity m_shell;
    PtyWorker *m_worker; // deleted on its own thread
};

} // namespace

PtyTerminalHost::PtyTerminalHost(QObject *parent)
    : QObject(parent)
    , m_ender(new TreeEnder)
{
    m_ender->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("terminals"));
    m_thread.start();
}

PtyTerminalHost::~PtyTerminalHost()
{
    // After the workers, which were told to go before.
    QMetaObject::invokeMethod(m_ender, [this] {
        m_ender->finish([this] {
            m_ender->deleteLater();
            m_thread.quit();
        });
    }, Qt::QueuedConnection);
    m_thread.wait();
}

TerminalFactory PtyTerminalHost::factory()
{
    return [this](QObject *parent) -> TerminalChannel * {
        return new PtyChannel(&m_thread, m_ender, parent);
    };
}

} // namespace muster
