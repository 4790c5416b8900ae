#include "core/process/cgroup.h"

#include "core/process/file_descriptor.h"
#include "core/process/process_identity.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView homePrefix("muster-");

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList linesOf(const QString &path) { return QString::fromUtf8(readFile(path)).split(u'\n'); }

// "4:memory:/a/b" and "0::/a/b": the part after the second colon.
QString pathInLine(const QString &line) { return line.section(u':', 2); }

QString ownPath(const QString &controller)
{
    const QStringList lines = linesOf(u"/proc/self/cgroup"_s);
    for (const QString &line : lines) {
        if (line.section(u':', 1, 1).split(u',').contains(controller))
            return pathInLine(line);
    }
    return {};
}

struct Hierarchy {
    QString controller; // as in /proc/self/cgroup; empty: version 2
    QString mountPoint;
    int rank = 0;
};

// A line of mountinfo: "id parent major:minor root mountpoint options … - type source superoptions".
std::optional<Hierarchy> hierarchyOf(const QString &line)
{
    const QStringList left = line.section(u" - "_s, 0, 0).split(u' ');
    const QStringList right = line.section(u" - "_s, 1).split(u' ');
    if (left.size() < 5 || right.size() < 3 || left.at(3) != "/"_L1)
        return std::nullopt;
    if (right.at(0) == "cgroup2"_L1)
        return Hierarchy{.controller = {}, .mountPoint = left.at(4), .rank = 0};
    if (right.at(0) != "cgroup"_L1)
        return std::nullopt;
    const QStringList options = right.at(2).split(u',');
    const QStringList usable{u"freezer"_s, u"pids"_s, u"name=systemd"_s};
    for (int i = 0; i < usable.size(); ++i) {
        if (options.contains(usable.at(i)))
            return Hierarchy{.controller = usable.at(i), .mountPoint = left.at(4), .rank = i + 1};
    }
    return std::nullopt;
}

QList<Hierarchy> hierarchies()
{
    QList<Hierarchy> found;
    const QStringList lines = linesOf(u"/proc/self/mountinfo"_s);
    for (const QString &line : lines) {
        if (const auto hierarchy = hierarchyOf(line))
            found.append(*hierarchy);
    }
    std::ranges::sort(found, {}, &Hierarchy::rank);
    return found;
}

void appendMembers(const QString &folder, QList<qint64> &members)
{
    const QList<QByteArray> lines = readFile(folder + u"/cgroup.procs"_s).split('\n');
    for (const QByteArray &line : lines) {
        if (const qint64 pid = line.toLongLong(); pid > 0)
            members.append(pid);
    }
    const QStringList below = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : below)
        appendMembers(folder + u'/' + name, members);
}

void removeGroups(const QString &folder)
{
    const QStringList below = QDir(folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : below)
        removeGroups(folder + u'/' + name);
    rmdir(QFile::encodeName(folder).constData());
}

bool ownerLives(const QString &name)
{
    const QStringList parts = name.split(u'-');
    if (parts.size() != 3)
        return true;
    return isAlive(
        {.bootId = bootId(), .pid = parts.at(1).toLongLong(), .startTicks = parts.at(2).toULongLong()});
}

} // namespace

Cgroup::Cgroup(QString folder, QString path)
    : m_folder(std::move(folder))
    , m_path(std::move(path))
{
}

Cgroup::~Cgroup() { remove(); }

void Cgroup::remove() const { removeGroups(m_folder); }

int Cgroup::openJoin() const
{
    return open(QFile::encodeName(m_folder + u"/cgroup.procs"_s).constData(), O_WRONLY | O_CLOEXEC);
}

bool Cgroup::add(qint64 pid) const
{
    const FileDescriptor procs(openJoin());
    const QByteArray number = QByteArray::number(pid);
    return procs.get() >= 0 && write(procs.get(), number.constData(), static_cast<size_t>(number.size())) > 0;
}

bool Cgroup::contains(qint64 pid) const
{
    const QStringList lines = linesOf(u"/proc/"_s + QString::number(pid) + u"/cgroup"_s);
    return std::ranges::any_of(lines, [this](const QString &line) {
        const QString path = pathInLine(line);
        return path == m_path || path.startsWith(m_path + u'/');
    });
}

QList<qint64> Cgroup::members() const
{
    QList<qint64> members;
    appendMembers(m_folder, members);
    return members;
}

std::optional<qint64> Cgroup::memoryBytes() const
{
    if (readFile(m_folder + u"/memory.current"_s).isEmpty())
        return std::nullopt;
    const QList<QByteArray> lines = readFile(m_folder + u"/memory.stat"_s).split('\n');
    qint64 bytes = 0;
    for (const QByteArray &line : lines) {
        if (line.startsWith("anon ") || line.startsWith("shmem "))
            bytes += line.sliced(line.indexOf(' ') + 1).toLongLong();
    }
    return bytes;
}

bool Cgroup::killAll() const
{
    QFile file(m_folder + u"/cgroup.kill"_s);
    return file.open(QIODevice::WriteOnly | QIODevice::ExistingOnly | QIODevice::Unbuffered) &&
           file.write("1") == 1;
}

QList<CgroupHome> CgroupHome::candidates()
{
    const ProcessIdentity own = ownIdentity();
    const QString name = homePrefix + QString::number(own.pid) + u'-' + QString::number(own.startTicks);
    QList<CgroupHome> homes;
    const QList<Hierarchy> usable = hierarchies();
    for (const Hierarchy &hierarchy : usable) {
        const QString path = ownPath(hierarchy.controller);
        if (path.isEmpty())
            continue;
        const QString base = path == "/"_L1 ? QString() : path;
        CgroupHome home;
        home.m_parent = hierarchy.mountPoint + base;
        home.m_folder = home.m_parent + u'/' + name;
        home.m_path = base + u'/' + name;
        homes.append(home);
    }
    return homes;
}

std::optional<CgroupHome> CgroupHome::probe()
{
    const QList<CgroupHome> homes = candidates();
    for (const CgroupHome &home : homes) {
        if (!QDir().mkpath(home.m_folder))
            continue;
        const QByteArray procs = QFile::encodeName(home.m_folder + u"/cgroup.procs"_s);
        if (access(procs.constData(), W_OK) == 0)
            return home;
        home.remove();
    }
    return std::nullopt;
}

std::optional<CgroupHome> CgroupHome::find()
{
    const QList<CgroupHome> homes = candidates();
    for (const CgroupHome &home : homes) {
        if (access(QFile::encodeName(home.m_parent).constData(), W_OK) == 0)
            return home;
    }
    return std::nullopt;
}

std::shared_ptr<Cgroup> CgroupHome::make(const QString &name) const
{
    const QString folder = m_folder + u'/' + name;
    if (name.isEmpty() || name.contains(u'/') || !QDir().mkpath(folder))
        return nullptr;
    return std::make_shared<Cgroup>(folder, m_path + u'/' + name);
}

QList<qint64> CgroupHome::leftovers() const
{
    QList<qint64> members;
    const QStringList homes =
        QDir(m_parent).entryList({homePrefix + u"*"_s}, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : homes) {
        if (ownerLives(name))
            continue;
        const QString folder = m_parent + u'/' + name;
        const qsizetype before = members.size();
        appendMembers(folder, members);
        if (members.size() == before)
            removeGroups(folder);
    }
    return members;
}

void CgroupHome::remove() const { removeGroups(m_folder); }

} // namespace muster
