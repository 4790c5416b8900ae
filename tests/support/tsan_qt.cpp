// Tells the thread sanitizer how Qt hands things from one thread to another. The distribution's Qt is not
// built with it, so a job given to a thread pool or an event that was posted looks like a race between the
// two threads. The linker sends our calls of the functions below through here (--wrap, see
// MusterTargets.cmake); each says "released" on one side and "acquired" on the other. What Qt does not order
// stays a reported race.
//
// Coarser than the truth in one place: a signal releases to every queued call that is delivered after it,
// because its receivers are not known here. Linked only into programs built with MUSTER_SANITIZE=thread.
#include <QCoreApplication>
#include <QEvent>
#include <QFuture>
#include <QReadWriteLock>
#include <QRunnable>
#include <QThread>
#include <QThreadPool>

#include <sanitizer/tsan_interface.h>

namespace {

int anySignal = 0;

void release(const void *what) { __tsan_release(const_cast<void *>(what)); }
void acquire(const void *what) { __tsan_acquire(const_cast<void *>(what)); }

// Called by Qt in the receiver's thread before each event is delivered: {receiver, event, result}.
bool beforeDelivery(void **data)
{
    acquire(data[0]);
    acquire(data[1]);
    acquire(&anySignal);
    return false; // not handled: deliver it
}

const bool registered = QInternal::registerCallback(QInternal::EventNotifyCallback, beforeDelivery);

class HandedOver final : public QRunnable {
public:
    explicit HandedOver(QRunnable *job)
        : m_job(job)
    {
    }
    void run() override
    {
        acquire(this);
        m_job->run();
        delete m_job;
    }

private:
    QRunnable *m_job;
};

// The data that all copies of a future share: the member after the table of virtual functions.
const void *shared(const QFutureInterfaceBase *future)
{
    return *(reinterpret_cast<void *const *>(future) + 1);
}

} // namespace

extern "C" {

void __real__ZN16QCoreApplication9postEventEP7QObjectP6QEventi(QObject *, QEvent *, int);
void __wrap__ZN16QCoreApplication9postEventEP7QObjectP6QEventi(QObject *receiver, QEvent *event, int priority)
{
    release(event);
    __real__ZN16QCoreApplication9postEventEP7QObjectP6QEventi(receiver, event, priority);
}

#define INVOKE \
    _ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeExPKPKvPKPKcPKPKNS2_18QMetaTypeInterfaceE
#define JOIN(prefix, name) prefix##name
#define NAMED(prefix, name) JOIN(prefix, name)
bool NAMED(__real_, INVOKE)(QObject *, QtPrivate::QSlotObjectBase *, Qt::ConnectionType, qsizetype,
                            const void *const *, const char *const *,
                            const QtPrivate::QMetaTypeInterface *const *);
bool NAMED(__wrap_, INVOKE)(QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type,
                            qsizetype count, const void *const *arguments, const char *const *names,
                            const QtPrivate::QMetaTypeInterface *const *types)
{
    release(object);
    return NAMED(__real_, INVOKE)(object, slot, type, count, arguments, names, types);
}

void __real__ZN11QMetaObject8activateEP7QObjectPKS_iPPv(QObject *, const QMetaObject *, int, void **);
void __wrap__ZN11QMetaObject8activateEP7QObjectPKS_iPPv(QObject *sender, const QMetaObject *meta, int signal,
                                                        void **arguments)
{
    release(&anySignal);
    __real__ZN11QMetaObject8activateEP7QObjectPKS_iPPv(sender, meta, signal, arguments);
}

void __real__ZN11QThreadPool5startEP9QRunnablei(QThreadPool *, QRunnable *, int);
void __wrap__ZN11QThreadPool5startEP9QRunnablei(QThreadPool *pool, QRunnable *job, int priority)
{
    QRunnable *handed = job->autoDelete() ? new HandedOver(job) : job;
    release(handed);
    __real__ZN11QThreadPool5startEP9QRunnablei(pool, handed, priority);
}

void __real__ZN7QThread5startENS_8PriorityE(QThread *, QThread::Priority);
void __wrap__ZN7QThread5startENS_8PriorityE(QThread *thread, QThread::Priority priority)
{
    QObject::connect(thread, &QThread::finished, thread, [thread] { release(thread); }, Qt::DirectConnection);
    __real__ZN7QThread5startENS_8PriorityE(thread, priority);
}

bool __real__ZN7QThread4waitE14QDeadlineTimer(QThread *, QDeadlineTimer);
bool __wrap__ZN7QThread4waitE14QDeadlineTimer(QThread *thread, QDeadlineTimer until)
{
    const bool ended = __real__ZN7QThread4waitE14QDeadlineTimer(thread, until);
    acquire(thread);
    return ended;
}

void __real__ZN20QFutureInterfaceBase14reportFinishedEv(QFutureInterfaceBase *);
void __wrap__ZN20QFutureInterfaceBase14reportFinishedEv(QFutureInterfaceBase *future)
{
    release(shared(future));
    release(&anySignal); // its watchers are told by events that are posted inside Qt
    __real__ZN20QFutureInterfaceBase14reportFinishedEv(future);
}

bool __real__ZNK20QFutureInterfaceBase10isFinishedEv(const QFutureInterfaceBase *);
bool __wrap__ZNK20QFutureInterfaceBase10isFinishedEv(const QFutureInterfaceBase *future)
{
    const bool finished = __real__ZNK20QFutureInterfaceBase10isFinishedEv(future);
    acquire(shared(future));
    return finished;
}

bool __real__ZNK20QFutureInterfaceBase6derefTEv(const QFutureInterfaceBase *);
bool __wrap__ZNK20QFutureInterfaceBase6derefTEv(const QFutureInterfaceBase *future)
{
    release(shared(future));
    const bool others = __real__ZNK20QFutureInterfaceBase6derefTEv(future);
    acquire(shared(future));
    return others;
}

void __real__ZN11QBasicMutex12lockInternalEv(QBasicMutex *);
void __wrap__ZN11QBasicMutex12lockInternalEv(QBasicMutex *mutex)
{
    __real__ZN11QBasicMutex12lockInternalEv(mutex);
    acquire(mutex);
}

void __real__ZN11QBasicMutex14unlockInternalEv(QBasicMutex *);
void __wrap__ZN11QBasicMutex14unlockInternalEv(QBasicMutex *mutex)
{
    release(mutex);
    __real__ZN11QBasicMutex14unlockInternalEv(mutex);
}

bool __real__ZN14QReadWriteLock14tryLockForReadE14QDeadlineTimer(QReadWriteLock *, QDeadlineTimer);
bool __wrap__ZN14QReadWriteLock14tryLockForReadE14QDeadlineTimer(QReadWriteLock *lock, QDeadlineTimer until)
{
    const bool locked = __real__ZN14QReadWriteLock14tryLockForReadE14QDeadlineTimer(lock, until);
    acquire(lock);
    return locked;
}

bool __real__ZN14QReadWriteLock15tryLockForWriteE14QDeadlineTimer(QReadWriteLock *, QDeadlineTimer);
bool __wrap__ZN14QReadWriteLock15tryLockForWriteE14QDeadlineTimer(QReadWriteLock *lock, QDeadlineTimer until)
{
    const bool locked = __real__ZN14QReadWriteLock15tryLockForWriteE14QDeadlineTimer(lock, until);
    acquire(lock);
    return locked;
}

void __real__ZN14QReadWriteLock6unlockEv(QReadWriteLock *);
void __wrap__ZN14QReadWriteLock6unlockEv(QReadWriteLock *lock)
{
    release(lock);
    __real__ZN14QReadWriteLock6unlockEv(lock);
}
}
