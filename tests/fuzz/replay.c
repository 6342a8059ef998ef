/* Stands in for libFuzzer's main(): each file named, and each in the folders named, is run once. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run(const char *path)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        int count = 0;
        const char *name;
        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
            g_autofree char *inside = g_build_filename(path, name, NULL);
            count += run(inside);
        }
        return count;
    }
    g_autofree char *text = NULL;
    gsize size = 0;
    if (!g_file_get_contents(path, &text, &size, NULL))
        return 0;
    LLVMFuzzerTestOneInput((const uint8_t *)text, size);
    return 1;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += run(argv[i]);
    printf("%d inputs\n", count);
    return count > 0 ? 0 : 1;
}
