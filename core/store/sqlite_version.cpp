#include "core/store/sqlite_version.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QUuid>
#include <QVersionNumber>

namespace muster {

using namespace Qt::StringLiterals;

QString sqliteVersion()
{
    const QString name = u"version-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    QString version;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        db.setDatabaseName(u":memory:"_s);
        QSqlQuery query(db);
        if (db.open() && query.exec(u"SELECT sqlite_version()"_s) && query.next())
            version = query.value(0).toString();
    }
    QSqlDatabase::removeDatabase(name);
    return version;
}

bool indexesText(const QString &version)
{
    return QVersionNumber::fromString(version) >= QVersionNumber(3, 43);
}

} // namespace muster
