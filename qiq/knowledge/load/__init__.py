"""One loader per kind of file: plain data in, frozen values and named problems out."""
