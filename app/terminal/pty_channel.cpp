#include "app/terminal/pty_channel.h"

#include "app/terminal/pty_worker.h"

namespace muster {
namespace {

class PtyChannel final : public TerminalChannel {
public:
    PtyChannel(QThread *thread, QObject *parent)
        : TerminalChannel(parent)
        , m_worker(new PtyWorker)
    {
        m_worker->moveToThread(thread);
        connect(m_worker, &PtyWorker::started, this, &TerminalChannel::started);
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

private:
    PtyWorker *m_worker; // deleted on its own thread
};

} // namespace

PtyTerminalHost::PtyTerminalHost(QObject *parent)
    : QObject(parent)
{
    m_thread.setObjectName(QStringLiteral("terminals"));
    m_thread.start();
}

PtyTerminalHost::~PtyTerminalHost()
{
    // Workers that were told to go are deleted when the thread's loop ends.
    m_thread.quit();
    m_thread.wait();
}

TerminalFactory PtyTerminalHost::factory()
{
    return [this](QObject *parent) -> TerminalChannel * {
        return new PtyChannel(&m_thread, parent);
    };
}

} // namespace muster
