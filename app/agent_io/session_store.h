// What an agent keeps of its sessions, so that a new process can go on with them: a file each, written whole
// and put in place at once, for the user's eyes only; old ones are removed when a new one is made. One
// thread.
#pragma once

#include "core/base/json_codec.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QString>

namespace muster {

// The files as such: `id`.json in one folder.
class SessionFolder {
public:
    static constexpr int keptDays = 30;

    SessionFolder(QString path, qint64 maxBytes); // of one file

    [[nodiscard]] Result<QString> makeId() const;                             // with the folder; Io
    [[nodiscard]] Result<QJsonObject> read(const QString &id) const;          // InvalidArgument, NotFound
    [[nodiscard]] Status write(const QString &id, const QJsonObject &) const; // TooLarge, Io
    [[nodiscard]] QString pathOf(const QString &id) const;

private:
    void prune() const;

    QString m_path;
    qint64 m_maxBytes;
};

// `Session` has Fields, among them its `id`, and says how many bytes one may take: Session::maxBytes.
template <typename Session> class SessionStore {
public:
    explicit SessionStore(QString folder)
        : m_folder(std::move(folder), Session::maxBytes)
    {
    }

    // With an id of its own.
    [[nodiscard]] Result<Session> create(Session session) const
    {
        const auto id = m_folder.makeId();
        if (!id)
            return std::unexpected(id.error());
        session.id = *id;
        return save(session).transform([&] { return std::move(session); });
    }
    [[nodiscard]] Result<Session> load(const QString &id) const // NotFound, InvalidArgument, Corrupt
    {
        const auto object = m_folder.read(id);
        if (!object)
            return std::unexpected(object.error());
        auto session = fromJsonObject<Session>(*object);
        if (!session || session->id != id)
            return fail(ErrorCode::Corrupt, session ? session->id : session.error().detail,
                        m_folder.pathOf(id));
        return session;
    }
    [[nodiscard]] Status save(const Session &session) const // TooLarge, Io
    {
        return m_folder.write(session.id, toJsonObject(session));
    }

private:
    SessionFolder m_folder;
};

} // namespace muster
