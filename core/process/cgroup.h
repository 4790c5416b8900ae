// A control group per launched tree, so that its members are known for certain. v2 where it can be written,
// else a v1 hierarchy; probed, never assumed: a tree is contained only if its root was seen inside. Any
// thread. Source: cgroups(7), kernel Documentation/admin-guide/cgroup-v2.rst (cgroup.kill).
#pragma once

#include "core/base/result.h"

#include <QList>
#include <QString>
#include <QtTypes>

#include <memory>
#include <optional>

namespace muster {

class Cgroup {
public:
    explicit Cgroup(QString folder, QString path);
    ~Cgroup(); // removes the folder if it is empty
    Cgroup(const Cgroup &) = delete;
    Cgroup &operator=(const Cgroup &) = delete;

    [[nodiscard]] QString path() const { return m_path; } // as in /proc/PID/cgroup
    // For the child, which writes "0" to join before it becomes the program; -1 if it cannot be opened.
    [[nodiscard]] int openJoin() const;
    // From the parent, for a child that was forked and has not joined yet.
    [[nodiscard]] bool add(qint64 pid) const;
    [[nodiscard]] bool contains(qint64 pid) const;
    [[nodiscard]] QList<qint64> members() const; // also of groups made below it
    // Bytes of its members that are theirs alone: without what the kernel keeps of files, which it drops when
    // it needs the room. None: no memory controller here.
    [[nodiscard]] std::optional<qint64> memoryBytes() const;
    bool killAll() const; // cgroup.kill; false where there is none
    void remove() const;

private:
    QString m_folder;
    QString m_path;
};

// Where this node makes its groups.
class CgroupHome {
public:
    // Makes this node's folder; nullopt: none can be made here.
    [[nodiscard]] static std::optional<CgroupHome> probe();
    // Where groups of this and earlier nodes would be, without making one.
    [[nodiscard]] static std::optional<CgroupHome> find();

    [[nodiscard]] std::shared_ptr<Cgroup> make(const QString &name) const; // null on failure
    // Members of groups that dead nodes left behind; removes such groups once empty.
    [[nodiscard]] QList<qint64> leftovers() const;
    [[nodiscard]] QString folder() const { return m_folder; }
    void remove() const; // what is empty of it

private:
    [[nodiscard]] static QList<CgroupHome> candidates();

    QString m_parent; // folder of the group this process is in
    QString m_folder; // of this node, below it
    QString m_path;   // as in /proc/PID/cgroup
};

} // namespace muster
