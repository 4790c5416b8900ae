// Writes to the encrypted file until it is killed: key_file_probe PATH PASSPHRASE. Prints a line when it
// begins.
#include "core/secrets/key_file.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    muster::KeyFile file(arguments.value(1), {.operations = 1, .memoryKib = 8});
    if (!file.unlock(arguments.value(2)).result())
        return 1;
    for (int i = 0;; ++i) {
        const QString value = QString(20'000, QChar(u'a' + i % 26));
        if (!file.write(QStringLiteral("CHANGING"), value).result())
            return 2;
        if (i == 0) {
            std::puts("writes");
            std::fflush(stdout);
        }
    }
}
