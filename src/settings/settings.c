/* Being written. */
typedef int placeholder;
